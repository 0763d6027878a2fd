// Walks through the pages as `run` says. Arguments: the folder that mails are written to, the folder for
// pictures.
import { end } from './hands.mjs';

await import('./reader.mjs');
await import('./desk.mjs');
await import('./story.mjs');
await end();
