// What every part of the walk works with: a browser, the mails, and a look at the page as it stands.
// Ends with 1 at the first page that says something else than it should, and at the end when axe found
// anything.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [outbox, pictures] = process.argv.slice(2);
const THEMES = ['light', 'dark'];
const WIDTHS = [375, 1280];

export const fail = (why) => {
  console.error(`FAILED: ${why}`);
  process.exit(1);
};

// The text part of a mail, decoded.
export const text = (path) => {
  const mail = readFileSync(path, 'latin1');
  const part = mail.split(/^Content-Type: text\/plain/im)[1] ?? fail(`${path} has no text part`);
  const [head, ...rest] = part.split(/\r?\n\r?\n/);
  const body = rest.join('\n\n').split(/^--/m)[0];
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  const octets = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
};

export const listed = (folder) => (existsSync(folder) ? readdirSync(folder) : [])
  .filter((name) => name.endsWith('.eml')).map((name) => join(folder, name));

// Briefs, and the mails that ask to confirm beside them.
export const mails = () => [...listed(outbox), ...listed(`${outbox}-notices`)];

// The newest mail to an address, once there is one that was not there before.
export const mailTo = async (address, known) => {
  for (let tries = 0; tries < 100; tries += 1) {
    const fresh = mails().filter((path) => !known.has(path) && new RegExp(`^To:.*${address}`, 'im').test(readFileSync(path, 'latin1')));
    if (fresh.length > 0) return fresh.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
    await new Promise((done) => setTimeout(done, 100));
  }
  return fail(`no mail to ${address} came`);
};

export const link = (path, kind) => {
  const found = text(path).match(new RegExp(`https?://[^\\s<>]+/${kind}/[A-Za-z0-9_-]+`));
  return found ? found[0] : fail(`${path} has no link of the kind ${kind}`);
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
// Nothing of ours needs a script; axe is put in from outside.
const context = await browser.newContext({ bypassCSP: true });
export const page = await context.newPage();
const requests = new Set();
page.on('request', (request) => requests.add(new URL(request.url()).origin));

let shown = 0;
const found = [];

// Looks at the page as it stands: pictures, axe, weight, and nothing wider than the window.
export const look = async (name, says) => {
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

// Does what leads to another page, and waits for that page.
export const leading = (act) => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), act()]);
export const press = (name) => leading(() => page.getByRole('button', { name }).first().click());
export const follow = (name) => leading(() => page.getByRole('link', { name }).first().click());
export const enter = () => leading(() => page.keyboard.press('Enter'));
export const open = async (url) => {
  const answer = await page.goto(url);
  const octets = (await answer.body()).length;
  if (octets > 100_000) found.push(`${url}: ${octets} octets`);
  return answer;
};

// Keeps a picture of a page that is not ours to judge: a mail in the browser.
export const keep = (name) => page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });

// Keeps a page as it is printed.
export const print = (name) => page.pdf({ path: join(pictures, `${name}.pdf`), format: 'A4' });

// Where the briefs of this week are, and those of the weeks before.
export const earlier = join(outbox, '..', 'earlier');

// A brief that was sent this week leads to the site.
export const brief = mails().find((path) => text(path).includes('/w/')) ?? fail('no mail has a web copy');
export const site = new URL(link(brief, 'p')).origin;

// Signs somebody in by the link in the mail that they ask for.
export const signIn = async (address, isLooked = false) => {
  const known = new Set(mails());
  await open(`${site}/desk`);
  if (isLooked) await look('sign-in', 'There is no password');
  await page.getByLabel('Your e-mail address').fill(address);
  await press('Send me the link');
  if (isLooked) await look('link-sent', 'Look into your mailbox');
  await open(link(await mailTo(address, known), 'sign-in'));
  if (isLooked) await look('link', 'One button, and you are in.');
  await press('Sign in');
};

// Forgets who is signed in.
export const signOut = () => context.clearCookies();

// What is left to say when every part has been walked.
export const end = async () => {
  await browser.close();
  if (requests.size > 1) found.push(`something was fetched from elsewhere: ${[...requests].join(', ')}`);
  if (found.length > 0) fail(`\n${found.join('\n')}`);
  console.log(`WALK PASSED: ${shown} pages in ${THEMES.length} themes and ${WIDTHS.length} widths; axe finds nothing.`);
};
