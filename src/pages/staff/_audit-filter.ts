import type { AuditFilter } from '#src/staff/audit.ts';

/** What the address asks for. Days are those of the reader's calendar, in Germany. */
export function auditFilter(query: URLSearchParams): AuditFilter {
  const value = (name: string) => query.get(name)?.replaceAll('\0', '').slice(0, 200).trim() || undefined;
  const to = day(value('to'));
  return {
    staffId: value('who'),
    act: value('act'),
    subject: value('subject'),
    from: startOf(day(value('from'))),
    to: to && startOf(new Date(to.getTime() + 86_400_000)),
    before: value('before'),
  };
}

function day(text: string | undefined): Date | undefined {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00.000Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Midnight in Berlin as UTC. */
function startOf(date: Date | undefined): string | undefined {
  if (!date) return undefined;
  const hour = Number(berlinHour.format(date));
  return new Date(date.getTime() - hour * 3_600_000).toISOString();
}

const berlinHour = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  hour: '2-digit',
  hourCycle: 'h23',
});
