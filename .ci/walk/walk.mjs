// Walks through the pages for readers as `run` says. Arguments: the folder that mails are written to,
// the folder for pictures. Ends with 1 at the first page that says something else than it should, and
// at the end when axe found anything.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [outbox, pictures] = process.argv.slice(2);
const READER = 'zoe@reader.example';
const THEMES = ['light', 'dark'];
const WIDTHS = [375, 1280];

const fail = (why) => {
  console.error(`FAILED: ${why}`);
  process.exit(1);
};

// The text part of a mail, decoded.
const text = (path) => {
  const mail = readFileSync(path, 'latin1');
  const part = mail.split(/^Content-Type: text\/plain/im)[1] ?? fail(`${path} has no text part`);
  const [head, ...rest] = part.split(/\r?\n\r?\n/);
  const body = rest.join('\n\n').split(/^--/m)[0];
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  const octets = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
};

const listed = (folder) => (existsSync(folder) ? readdirSync(folder) : [])
  .filter((name) => name.endsWith('.eml')).map((name) => join(folder, name));

// Briefs, and the mails that ask to confirm beside them.
const mails = () => [...listed(outbox), ...listed(`${outbox}-notices`)];

// The newest mail to an address, once there is one that was not there before.
const mailTo = async (address, known) => {
  for (let tries = 0; tries < 100; tries += 1) {
    const fresh = mails().filter((path) => !known.has(path) && new RegExp(`^To:.*${address}`, 'im').test(readFileSync(path, 'latin1')));
    if (fresh.length > 0) return fresh.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
    await new Promise((done) => setTimeout(done, 100));
  }
  return fail(`no mail to ${address} came`);
};

const link = (path, kind) => {
  const found = text(path).match(new RegExp(`https?://[^\\s<>]+/${kind}/[A-Za-z0-9_-]+`));
  return found ? found[0] : fail(`${path} has no link of the kind ${kind}`);
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
// Nothing of ours needs a script; axe is put in from outside.
const context = await browser.newContext({ bypassCSP: true });
const page = await context.newPage();
const requests = new Set();
page.on('request', (request) => requests.add(new URL(request.url()).origin));

let shown = 0;
const found = [];

// Looks at the page as it stands: pictures, axe, weight, and nothing wider than the window.
const look = async (name, says) => {
  const words = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  if (!words.includes(says)) fail(`${name} does not say "${says}" but: ${words}`);
  shown += 1;
  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      const file = `${String(shown).padStart(2, '0')}-${name}-${theme}-${width}.png`;
      await page.screenshot({ path: join(pictures, file), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) found.push(`${file}: ${wide} px wider than the window`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      for (const { id, nodes } of violations) found.push(`${file}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
    }
  }
};

const press = (name) => Promise.all([page.waitForLoadState('load'), page.getByRole('button', { name }).first().click()]);
const open = async (url) => {
  const answer = await page.goto(url);
  const octets = (await answer.body()).length;
  if (octets > 100_000) found.push(`${url}: ${octets} octets`);
  return answer;
};

// A brief that was sent this week leads to the site.
const brief = mails().find((path) => text(path).includes('/w/')) ?? fail('no mail has a web copy');
const site = new URL(link(brief, 'p')).origin;

await open(`${site}/archive`);
await look('archive', 'All issues');
await page.locator('main h2 a').first().click();
await page.screenshot({ path: join(pictures, 'issue.png'), fullPage: true });

// Subscribe, by keyboard alone.
await open(`${site}/subscribe`);
await look('subscribe', 'Send me the public brief');
const before = new Set(mails());
await page.getByLabel('Your e-mail address').focus();
await page.keyboard.type(READER);
await page.keyboard.press('Enter');
await page.waitForLoadState('load');
await look('asked', 'mail');

const ask = await mailTo(READER, before);
await open(link(ask, 'confirm'));
await look('confirm', 'Nothing has changed yet');
await press('Yes, send it to me');
await look('confirmed', 'You are on the list');

await page.getByRole('link', { name: 'Choose the day' }).click();
await look('preferences', 'Your briefs');
const choices = page.url();

await page.getByLabel('Day', { exact: true }).selectOption({ label: 'Thursday' });
await page.getByLabel('First day without mail').fill('2027-01-04');
await page.getByLabel('First day with mail again').fill('2027-01-18');
await press('Save');
await look('paused', 'Saved. It holds from the next mail on.');
await press('Undo');
await look('undone', 'Saved.');
if ((await page.getByLabel('First day without mail').inputValue()) !== '') fail('the pause was not taken back');

await page.getByLabel('First day without mail').fill('2027-01-18');
await page.getByLabel('First day with mail again').fill('2027-01-04');
await press('Save');
await look('wrong', 'A pause ends after the day it begins.');

await press('Unsubscribe from this list');
await look('left', 'comes no more');
await press('Send it to me again');
await look('again', 'comes again');
await press('Stop all mail');
await look('stopped', 'No mail comes any more');

// A leader's mail leads to the trend page: everything closed, everything open, tried out, on paper.
const leads = mails().find((path) => text(path).includes('17 weeks after') && text(path).includes('/t/')) ?? fail('no mail of a leader is there');
const trend = link(leads, 't');
await open(trend);
await look('trend', '17 weeks after go-live');
for (const summary of await page.locator('summary').all()) await summary.click();
await look('trend-open', 'Why these dates?');
await page.getByRole('link', { name: 'The shortest way to the target' }).click();
await look('what-if', 'Closing 2 gaps today: 88 of 100');
await page.getByRole('link', { name: 'Tick none' }).click();
await page.getByRole('checkbox').first().focus();
await page.keyboard.press('Space');
await press('Show the score');
await look('what-if-typed', 'Closing 1 gap today');
await open(`${trend}/gaps`);
await look('gaps', 'Gaps by money');
await open(`${trend}/weeks`);
await look('weeks', 'Week to');
await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
await open(`${trend}?print=1`);
await page.pdf({ path: join(pictures, 'trend.pdf'), format: 'A4' });
await page.emulateMedia({ media: null });

// The links of a brief, as its reader follows them.
await open(link(brief, 'u'));
await look('unsubscribe', ' ');
await press(/unsubscribe/i);
await look('unsubscribed', ' ');
await open(link(brief, 'w'));
await page.screenshot({ path: join(pictures, 'web-copy.png'), fullPage: true });
await open(link(brief, 'p'));
await look('all-choices', 'Your briefs');

// Answers for a gap, as its owner and a leader follow the links.
const answer = (campaign, kind) => {
  const is = (path) => readFileSync(path, 'latin1').includes(`\nFeedback-ID: ${campaign}:`) && text(path).includes(`/${kind}/`);
  const path = mails().find(is) ?? fail(`no ${campaign} is asked for ${kind}`);
  return text(path).match(new RegExp(`https?://[^\\s<>]+/a/[\\w-]+/${kind}/[^\\s<>]+`))[0];
};
await open(answer('owner', 'done'));
await look('answer-done', 'Nothing has changed yet');
await page.getByRole('link', { name: 'It is blocked' }).click();
await look('answer-blocked', 'what blocks it?');
await page.getByLabel('What blocks it').focus();
await page.keyboard.type('Finance has not said which list wins.');
await page.keyboard.press('Tab');
await page.keyboard.press('Enter');
await page.waitForLoadState('load');
await look('answer-noted', 'noted as blocked');
await page.getByRole('link', { name: 'Change what I said' }).click();
await look('answer-change', 'It can be changed.');
await open(answer('owner', 'done'));
await press('It is done');
await look('answer-in-test', 'is in test');
await open(answer('owner', 'done'));
await look('answer-again', 'It counts once');
await open(answer('leader', 'correct'));
await look('answer-correct', 'what is the right number?');
await press('Send the number');
await look('answer-missing', 'Type the right number');

// Forget me: asked once more, and then nothing is known.
await open(choices);
await press('Forget me');
await look('forget', 'This cannot be taken back');
await press('Yes, forget me');
await look('forgotten', 'You are forgotten');
await open(choices);
await look('unknown', 'Nothing is known');

for (const [name, path, says] of [
  ['no-page', '/nothing', 'There is no such page'],
  ['no-link', '/u/nothing', 'This link is not whole'],
  ['no-answer', '/a/nothing/done/x', 'This link is not whole'],
  ['how-to-leave', '/unsubscribe', ' '],
]) {
  await open(`${site}${path}`);
  await look(name, says);
}

// The desk of a consultant: signed in by a link in a mail, and looked through page by page.
const CONSULTANT = 'a.mendel@mendel-advisory.example';
const known = new Set(mails());
await open(`${site}/desk`);
await look('sign-in', 'There is no password');
await page.getByLabel('Your e-mail address').fill(CONSULTANT);
await press('Send me the link');
await look('link-sent', 'Look into your mailbox');
await open(link(await mailTo(CONSULTANT, known), 'sign-in'));
await look('link', 'One button, and you are in.');
await press('Sign in');
await look('portfolio', 'Your clients');
await page.locator('details.card > summary').click();
await look('portfolio-whole', 'Your clients');

const client = `${site}/desk/c/northfield-supply`;
await page.getByRole('link', { name: 'Northfield Supply' }).click();
await look('client', 'Northfield Supply');
await page.getByLabel('Status').selectOption({ label: 'stalled' });
await press('Show');
await look('client-stalled', 'in the order of the brief');
await page.getByRole('link', { name: 'New gap' }).click();
await look('gap-new', 'New gap');
await page.getByLabel('Title').fill('Two vendor files in use');
await page.getByLabel('Owner', { exact: true }).fill('the team');
await press('Add the gap');
await look('gap-refused', 'What you typed is still here.');
await page.getByLabel('Owner', { exact: true }).fill('P. Osei');
await page.getByLabel('Area').selectOption('payables');
await page.getByLabel('Pattern').selectOption('no_source');
await page.getByLabel('Severity').selectOption('3');
await press('Add the gap');
await look('gap', 'Added. The next brief counts it.');
await page.getByLabel('How it is worked out').selectOption('rework');
await press('Choose');
await page.getByLabel('Likely').first().fill('26');
await page.getByLabel('Likely').nth(1).fill('58.00');
await press('Show the sum');
await look('gap-sum', '$1,508.00 a week');
await press('Save the price');
await press('Take it up');
await press('Have it tested');
for (const details of await page.locator('details').all()) if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
await look('gap-whole', 'Closing asks for');
await press('Looked, no change');
await look('gap-confirmed', 'looked at, no change');

await open(`${client}/grid`);
await look('grid', 'Which copy wins, and who says so?');
await press('All unchanged today');
await look('grid-confirmed', 'Written down');
await page.getByRole('link', { name: 'Billing' }).click();
await look('grid-area', 'What happens on the day the approver is out?');
await page.getByLabel('Level').first().selectOption('1');
await press('Write it down');
await look('grid-refused', 'name its gap');
await open(`${client}/sessions`);
await page.getByLabel('Day').fill('2026-12-03');
await page.getByLabel('Time').fill('10:00');
await page.getByLabel('What').first().fill('Name one deputy');
await press('Add the session');
await look('sessions', 'Name one deputy');
await page.getByRole('link', { name: '3 December 2026' }).click();
await look('session', 'Promise 1');
await open(`${client}/implementations`);
await look('implementations', 'ERP cutover');
await page.getByRole('link', { name: 'ERP cutover' }).click();
await look('implementation', 'How much it leans on each area');

// Drafts, what left, and previews.
await open(`${site}/desk/review`);
await look('drafts', 'What left in the last 8 weeks');
await open(`${client}/review`);
await look('review', 'How drafts are reviewed here');
await page.locator('table.rows tbody a').first().click();
await look('past', 'As it was sent');
await page.getByLabel('Which figure').first().fill('Readiness');
await page.getByLabel('The brief said').first().fill('66 of 100');
await page.getByLabel('Right is').first().fill('61 of 100');
await press('Show the correction');
await look('correction', 'Nothing is sent yet.');
await open(`${client}/preview?as=owner`);
await look('preview', 'Whose, and when');
await press('Send me this as a test');
await look('test-sent', 'took');
await open(`${site}/desk/preview`);
await look('preview-own', 'Preview of your portfolio');

// The weekly round, by keyboard alone from the first client on.
await open(`${site}/desk/round`);
await look('round', '0 of 6 done this week');
for (let n = 1; n <= 6; n += 1) {
  await page.getByRole('button', { name: 'Nothing changed here' }).first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp('done='));
  await page.waitForFunction((words) => document.body.innerText.includes(words), `${n} of 6 done this week`);
}
await look('round-done', 'Every client is done for this week.');
await open(`${site}/account`);
await look('account', 'Where you are signed in');

await browser.close();
if (requests.size > 1) found.push(`something was fetched from elsewhere: ${[...requests].join(', ')}`);
if (found.length > 0) fail(`\n${found.join('\n')}`);
console.log(`WALK PASSED: ${shown} pages in ${THEMES.length} themes and ${WIDTHS.length} widths; axe finds nothing.`);
