// The whole story: a leader opens last week's mail, reads the trend and answers "done"; the consultant
// sees it, closes the gap with evidence, writes a note on top of the draft and approves it; the next run
// sends it with the note.
import { readFileSync } from 'node:fs';
import { earlier, fail, follow, keep, leading, link, listed, look, mailTo, mails, open, page, press, signIn, signOut, site, text } from './hands.mjs';

const LEADER = 'd.pemberton@pemberton-care.example';
const CONSULTANT = 'r.achterberg@quayside-ops.example';
const NOTE = 'Ask the homes on Tuesday whether the rota told the premiums right.';

const dated = (path) => Date.parse(readFileSync(path, 'latin1').match(/^Date: (.*)$/m)[1]);
const toLeader = listed(earlier).filter((path) => new RegExp(`^To:.*${LEADER}`, 'm').test(readFileSync(path, 'latin1')));
const last = toLeader.sort((a, b) => dated(b) - dated(a))[0] ?? fail(`no earlier brief to ${LEADER}`);

await signOut();
await open(link(last, 't'));
await look('story-trend', 'Pemberton Care Homes');
const done = text(last).match(/https?:\/\/[^\s<>]+\/a\/[\w-]+\/done\/PC-1/) ?? fail('the brief does not ask whether PC-1 is done');
await open(done[0]);
await press('It is done');
await look('story-answered', 'is in test');

await signIn(CONSULTANT);
await look('story-portfolio', '1 answer');
await follow('1 answer');
await look('story-client', 'Answers from the mail');
await leading(() => page.locator('#answers a').first().click());
await page.getByText('Close it, with evidence').click();
await page.getByLabel('What was shown').fill('Two homes paid a month from the rota; the payroll run matched to the penny.');
await page.getByLabel('Where it lies').fill('https://files.pemberton-care.example/rota-parallel-run');
await press('Close it');
await look('story-closed', 'Moved. The next brief counts it.');
await press('Dealt with');
await look('story-dealt-with', 'Dealt with.');

await open(`${site}/desk/review`);
await look('story-drafts', 'What waits');
await follow('Pemberton Care Homes');
await look('story-draft', 'Your note');
await page.getByLabel('Note', { exact: true }).fill(NOTE);
await press('Save the note');
await look('story-noted', 'Your note');
if (!(await page.frameLocator('iframe.mail').first().locator('body').innerText()).includes(NOTE)) fail('the draft does not show the note');
const before = new Set(mails());
await press('Approve');
const sent = await mailTo(LEADER, before);
if (!text(sent).replace(/\s+/g, ' ').includes(NOTE)) fail('the brief was sent without the note');
await page.reload();
await look('story-sent', 'As it was sent');
await open(link(sent, 'w'));
await keep('story-brief');
