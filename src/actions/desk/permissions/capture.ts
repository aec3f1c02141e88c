/** What is posted on a capture page: choosing the words, keeping what was taken down, taking it back. */
import {
  againWith,
  type DeskAction,
  deskAction,
  type OpenDesk,
  redirect,
  show,
} from '#src/desk/desk-action.ts';
import type { FormFields } from '#src/forms/fields.ts';
import type { Again } from '#src/http/action-result.ts';
import { wholeForm } from '#src/http/form-schema.ts';
import { namedIn } from '#src/http/frame.ts';
import { Problem } from '#src/http/problem.ts';
import { revokeCaptureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { paths } from '#src/routes.ts';
import { captureFaults } from './capture-faults.ts';
import {
  beginCapture,
  blocksOf,
  type CapturePage,
  loadCapture,
  requireWay,
  subjectOf,
} from './capture-page.ts';
import { readCorrection } from './correction.ts';
import { correctedAlready, keepCapture, keepNo } from './keep-capture.ts';
import type { CaptureSubject, DeskFault } from './read-capture.ts';
import type { WayName } from './ways.ts';

/** With a scan of what was signed. */
export const uploadBytes = 1024 * 1024;

type Typed = Record<string, string>;
type Answer = Response | Again<CapturePage>;

const begin = onWay(async (desk, name, typed) => show(await beginCapture(desk, name, typed)));

const chooseText = onWay(async (desk, name, typed) => {
  const page = await beginCapture(desk, name, typed);
  return page.text ? show(page) : refused(desk, page, [{ field: 'text', code: 'choose' }]);
});

/** Keeps what was taken down. Where something has to be mended, says what; nothing is kept then. */
const save = onWay(async (desk, name, typed) => {
  const loaded = await loadCapture(desk, name, typed);
  const subject = subjectOf(loaded);
  const page = { ...loaded, blocks: subject ? await blocksOf(desk, subject, typed) : [] };
  const fault = beforeReading(page, subject);
  if (fault || !subject) return refused(desk, page, [fault ?? { field: 'purpose', code: 'choose' }]);
  const kept = typed.answer === 'no' ? keepNo(desk, subject, typed) : keepCapture(desk, page, subject);
  const answer = await kept;
  return answer instanceof Response ? answer : refused(desk, page, answer);
});

/** What was taken down wrongly goes, and nothing takes its place. */
const takeBack = onWay(async (desk, name, typed) => {
  const { app, actor, url } = desk;
  const page = await loadCapture(desk, name, typed);
  if (!page.corrects) throw new Problem(422);
  const why = readCorrection(page.corrects.eventId, typed);
  if (!why.ok) return refused(desk, page, why.faults);
  const result = await revokeCaptureAtDesk(app, actor, why.correction);
  if (result.outcome === 'not_correctable') return refused(desk, page, [correctedAlready]);
  if (!typed.for) return redirect(paths.staffPermissions());
  const query = { lang: namedIn(url), done: 'taken_back', told: result.notifiedBy };
  return redirect(paths.staffPoint(typed.for, query));
});

/** The buttons of a capture page. */
export const captureActions = { '': begin, begin, text: chooseText, save, take_back: takeBack };

function onWay(
  run: (desk: OpenDesk, name: WayName, typed: Typed) => Promise<Answer>,
): DeskAction<CapturePage> {
  return deskAction('permissions.capture', wholeForm.transform(typedIn), (desk, typed) =>
    run(desk, requireWay(desk.params.way), typed),
  );
}

const longestEntry = 5000;

function typedIn(fields: FormFields): Typed {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([name, [value = '']]) => [name, value.trim().slice(0, longestEntry)]),
  );
}

function refused({ t }: OpenDesk, page: CapturePage, faults: DeskFault[]): Again<CapturePage> {
  return againWith(captureFaults(t, page, faults), page);
}

/** What has to be settled before the entries count: the words that were shown, what it is about, and blocks. */
function beforeReading(page: CapturePage, subject: CaptureSubject | undefined): DeskFault | undefined {
  const { text, typed, blocks, corrects, way } = page;
  if (text && typed.shown !== text.ref) return { field: 'text', code: 'unread' };
  if (!subject) return { field: way.basis === 'consent' ? 'text' : 'purpose', code: 'choose' };
  if (blocks.length === 0 || typed.despite_block === '1' || typed.answer === 'no' || corrects)
    return undefined;
  return { field: subject.channel === 'post' ? 'street' : 'contact_point', code: 'blocked' };
}
