// Readers: subscribe, choose, pause, leave, come back; the trend page of a leader; answers for a gap.
import { readFileSync } from 'node:fs';
import { brief, enter, fail, follow, keep, leading, link, look, mailTo, mails, open, page, press, print, site, text } from './hands.mjs';

const READER = 'zoe@reader.example';

await open(`${site}/archive`);
await look('archive', 'All issues');
await leading(() => page.locator('main h2 a').first().click());
await keep('issue');

// Subscribe, by keyboard alone.
await open(`${site}/subscribe`);
await look('subscribe', 'Send me the public brief');
const before = new Set(mails());
await page.getByLabel('Your e-mail address').focus();
await page.keyboard.type(READER);
await enter();
await look('asked', 'mail');

const ask = await mailTo(READER, before);
await open(link(ask, 'confirm'));
await look('confirm', 'Nothing has changed yet');
await press('Yes, send it to me');
await look('confirmed', 'You are on the list');

await follow('Choose the day');
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
await follow('The shortest way to the target');
await look('what-if', 'Closing 2 gaps today: 88 of 100');
await follow('Tick none');
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
await print('trend');
await page.emulateMedia({ media: null });

// The links of a brief, as its reader follows them.
await open(link(brief, 'u'));
await look('unsubscribe', ' ');
await press(/unsubscribe/i);
await look('unsubscribed', ' ');
await open(link(brief, 'w'));
await keep('web-copy');
await open(link(brief, 'p'));
await look('all-choices', 'Your briefs');

// Answers for a gap, as its owner and a leader follow the links.
const asksOf = (path, kind) => text(path).match(new RegExp(`https?://[^\\s<>]+/a/[\\w-]+/${kind}/[^\\s<>]+`))?.[0]
  ?? fail(`${path} does not ask for ${kind}`);
const owned = mails().find((path) => readFileSync(path, 'latin1').includes('\nFeedback-ID: owner:')) ?? fail('no mail of an owner is there');
await open(asksOf(owned, 'done'));
await look('answer-done', 'Nothing has changed yet');
await follow('It is blocked');
await look('answer-blocked', 'what blocks it?');
await page.getByLabel('What blocks it').focus();
await page.keyboard.type('Finance has not said which list wins.');
await page.keyboard.press('Tab');
await enter();
await look('answer-noted', 'noted as blocked');
await follow('Change what I said');
await look('answer-change', 'It can be changed.');
await open(asksOf(owned, 'done'));
await press('It is done');
await look('answer-in-test', 'is in test');
await open(asksOf(owned, 'done'));
await look('answer-again', 'It counts once');
await open(asksOf(leads, 'correct'));
await look('answer-correct', 'what is the right number?');
await press('Send the number');
await look('answer-missing', 'Type the right number');

// What is known of me: a mail brings the link. Forget me: asked once more, and then nothing is known.
await open(choices);
const known = new Set(mails());
await press('Send me the link');
await look('own-data-asked', 'A mail with a link is on its way');
await open(link(await mailTo(READER, known), 'd'));
await look('own-data', 'What is known of you');
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
