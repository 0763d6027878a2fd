// A consultant: the portfolio, a client, a gap, an assessment, a session, an import, corrections, previews,
// nudges, the weekly round, the brand.
import { follow, leading, look, open, page, press, signIn, site } from './hands.mjs';

// The desk of a consultant: signed in by a link in a mail, and looked through page by page.
const CONSULTANT = 'a.mendel@mendel-advisory.example';
await signIn(CONSULTANT, true);
await look('portfolio', 'Your clients');
await page.locator('details.card > summary').click();
await look('portfolio-whole', 'Your clients');

const client = `${site}/desk/c/northfield-supply`;
await follow('Northfield Supply');
await look('client', 'Northfield Supply');
await page.getByLabel('Status').selectOption({ label: 'stalled' });
await press('Show');
await look('client-stalled', 'in the order of the brief');
await follow('New gap');
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
await follow('Billing');
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
await follow('3 December 2026');
await look('session', 'Promise 1');
await open(`${client}/implementations`);
await look('implementations', 'ERP cutover');
await follow('ERP cutover');
await look('implementation', 'How much it leans on each area');

// A file of somebody else's, from its columns to what it changed, and back.
await open(`${client}/import`);
await look('import', 'Nothing is written before you have seen what it changes.');
const odd = 'Nr;Titel;Bereich;Ursache;Prio;Status;Erstellt am\nN-1;Mahnlauf von Hand;Mahnwesen;undocumented;hoch;wartet;03.11.2026\n';
await page.getByLabel('CSV or JSON files').setInputFiles({ name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(odd) });
await press('Upload');
await look('import-columns', '1 of these rows cannot be taken like this.');
await page.getByLabel('wartet means').selectOption('open');
await press('See what changes');
await look('import-changes', '1 row would be written. Nothing is written yet.');
await press('Import this');
await look('import-done', '1 row was written.');
await follow('This import');
await look('import-one', '1 row that it added goes out of sight');
await press('Take it back');
await look('import-undone', 'Taken back.');

// Drafts, what left, and previews.
await open(`${site}/desk/review`);
await look('drafts', 'What left in the last 8 weeks');
await open(`${client}/review`);
await look('review', 'How drafts are reviewed here');
await leading(() => page.locator('table.rows tbody a').first().click());
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
await open(`${site}/desk/nudges`);
await look('nudges', 'Do they help?');

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
await open(`${site}/desk/brand`);
await page.getByLabel('Name').fill('Mendel Advisory');
await page.getByLabel('Colour').fill('#ffcc00');
await press('Save');
await look('brand-refused', 'the nearest that can be read is');
await page.getByLabel('Colour').fill('#7a1f5c');
await press('Save');
await look('brand', 'Your clients see it from their next brief on.');
await open(`${site}/account`);
await look('account', 'Where you are signed in');
