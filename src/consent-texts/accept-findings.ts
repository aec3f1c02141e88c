import type { Tx } from '#db/connect.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { type Acknowledgement, checkVersion, type Override, type ReviewedFinding } from './check-version.ts';
import { recordStep } from './steps.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion, moveVersion, type TextVersion } from './text-version.ts';

/** Minimum length of a reason. */
export const minReasonLength = 20;

export type AcceptFindingResult =
  | { outcome: 'recorded'; revision: number }
  | { outcome: 'reason_missing'; least: number }
  | { outcome: 'unknown_finding' | 'changed_since_opened' }
  | TextRefusal;

/** Overrides an error with a written reason, which is stored permanently with the version. */
export async function overrideFinding(
  desk: Clocked,
  actor: Actor,
  versionId: string,
  judged: { revision: number; key: string; reason: string },
): Promise<AcceptFindingResult> {
  const reason = judged.reason.trim();
  if (reason.length < minReasonLength) return { outcome: 'reason_missing', least: minReasonLength };
  return onFindings(desk, actor, versionId, judged.revision, async (tx, version, at) => {
    const finding = await findingsToAccept(tx, version, 'error').then((all) =>
      all.find(({ key }) => key === judged.key),
    );
    if (!finding) return 'unknown_finding';
    const entry: Override = { ...whatAndWho(finding, actor, at), reason };
    const overrides = JSON.parse(version.overrides) as Override[];
    const details = { rule: finding.rule, excerpt: finding.excerpt };
    await recordStep(tx, version, { kind: 'overridden', at, actor, note: reason, details });
    return { overrides: JSON.stringify([...overrides, entry]) };
  });
}

/** Acknowledges warnings. */
export async function acknowledgeFindings(
  desk: Clocked,
  actor: Actor,
  versionId: string,
  judged: { revision: number; keys: string[] },
): Promise<AcceptFindingResult> {
  return onFindings(desk, actor, versionId, judged.revision, async (tx, version, at) => {
    const all = await findingsToAccept(tx, version, 'warn');
    const read = all.filter(({ key }) => judged.keys.includes(key));
    if (read.length === 0) return 'unknown_finding';
    const before = JSON.parse(version.acknowledged) as Acknowledgement[];
    const rules = [...new Set(read.map(({ rule }) => rule))];
    await recordStep(tx, version, { kind: 'acknowledged', at, actor, details: { rules } });
    return {
      acknowledged: JSON.stringify([...before, ...read.map((finding) => whatAndWho(finding, actor, at))]),
    };
  });
}

async function findingsToAccept(
  tx: Tx,
  version: TextVersion,
  severity: 'error' | 'warn',
): Promise<ReviewedFinding[]> {
  const { errors, warnings } = await checkVersion(tx, version);
  return severity === 'error' ? errors : warnings;
}

function whatAndWho(finding: ReviewedFinding, actor: Actor, at: string): Acknowledgement {
  const { key, rule, excerpt } = finding;
  return { key, rule, excerpt, by: actor.id, by_name: actor.name, at };
}

async function onFindings(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  revision: number,
  act: (
    tx: Tx,
    version: TextVersion,
    at: string,
  ) => Promise<'unknown_finding' | Partial<Pick<TextVersion, 'overrides' | 'acknowledged'>>>,
): Promise<AcceptFindingResult> {
  requireAbility(actor, 'texts.write');
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<AcceptFindingResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.state !== 'draft' && version.state !== 'in_review')
      return { outcome: 'wrong_state', version };
    if (version.revision !== revision) return { outcome: 'changed_since_opened' };
    const set = await act(tx, version, at);
    if (set === 'unknown_finding') return { outcome: 'unknown_finding' };
    await moveVersion(tx, version, set);
    return { outcome: 'recorded', revision: revision + 1 };
  });
}
