const zone = 'Europe/Berlin';

/** What a `datetime-local` field holds, read on the clock on the wall: "2026-11-23T22:00" → ISO in UTC. */
export function isoOfLocal(local: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(local)) return undefined;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The offset is that of the moment itself: taken twice, so that it is right beside a change of the clock.
  const near = asUtc - offsetAt(asUtc);
  return new Date(asUtc - offsetAt(near)).toISOString();
}

/** The other way round, for the field. */
export function localOfIso(iso: string): string {
  const at = Date.parse(iso);
  return new Date(at + offsetAt(at)).toISOString().slice(0, 16);
}

function offsetAt(at: number): number {
  const parts = Object.fromEntries(
    format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second } = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(at / 1000) * 1000;
}

const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
