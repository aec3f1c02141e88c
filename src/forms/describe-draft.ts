import type { Db, Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { type ChoosableBox, choosableBoxes } from './choosable-boxes.ts';
import { composeForm } from './compose-form.ts';
import { type DraftFault, draftFaults, originsOf } from './draft-faults.ts';
import type { FormDefinition } from './form-definition.ts';
import type { FormDraft } from './form-draft.ts';
import { type FormFinding, formFindings } from './form-findings.ts';

/** A draft with its faults, findings and preview. */
export interface DescribedDraft {
  boxes: ChoosableBox[];
  faults: DraftFault[];
  findings: FormFinding[];
  /** The preview. Boxes without live text are left out. */
  definition: FormDefinition;
  /** No fault and no error. */
  publishable: boolean;
}

export async function describeDraft(
  db: Db | Tx,
  form: { id: string; controller_id: string },
  draft: FormDraft,
  reader: Locale,
): Promise<DescribedDraft> {
  const boxes = await choosableBoxes(db, form.controller_id, reader);
  const faults = draftFaults(draft, boxes);
  const known = draft.consents.filter((value) => boxes.some((box) => box.value === value && !box.retired));
  const asked = { ...draft, consents: known, sites: originsOf(draft) };
  const { definition } = await composeForm(db, { id: form.id, number: 0 }, asked);
  const findings = await formFindings(db, definition, reader);
  const blocks = faults.length > 0 || findings.some(({ severity }) => severity === 'error');
  return { boxes, faults, findings, definition, publishable: !blocks };
}
