import { describe, expect, it } from 'vitest';
import type { Audience, Facts, Jurisdiction, Question, Reason } from '#src/decisions/facts.ts';
import { contactRules } from '#src/decisions/rules.ts';
import { decideQuestion } from './decide-question.ts';
import { grounds, knowing, question, verified } from './facts.ts';

/**
 * law.md 6.2 and its differences for Austria and Switzerland, typed from there and not from the rules.
 * `elsewhere` is a consent with nothing but an e-mail confirmation behind it (for e-mail itself: nothing but a
 * text message), `signed` has grade B, `oral` grade C. In Austria and Switzerland the registers were asked.
 */
const expected: Record<Jurisdiction, string> = {
  DE: `
                  | verified | elsewhere | signed | oral | customer | presumed | interest | none | objection
  email  consumer | consent  | unverif   | unverif| thin | customer | channel  | channel  | no   | objection
  email  business | consent  | unverif   | unverif| thin | customer | channel  | channel  | no   | objection
  sms    consumer | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  sms    business | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  phone  consumer | consent  | unverif   | consent| thin | channel  | no       | channel  | no   | objection
  phone  business | consent  | unverif   | consent| pres | channel  | pres     | channel  | no   | objection
  fax    consumer | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  fax    business | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  post   consumer | consent  | consent   | consent| consent | interest | channel | interest | no | objection
  post   business | consent  | consent   | consent| consent | interest | channel | interest | no | objection`,
  AT: `
                  | verified | elsewhere | signed | oral | customer | presumed | interest | none | objection
  email  consumer | consent  | unverif   | unverif| thin | customer | channel  | channel  | no   | objection
  email  business | consent  | unverif   | unverif| thin | customer | channel  | channel  | no   | objection
  sms    consumer | consent  | unverif   | consent| thin | customer | channel  | channel  | no   | objection
  sms    business | consent  | unverif   | consent| thin | customer | channel  | channel  | no   | objection
  phone  consumer | consent  | unverif   | consent| thin | channel  | no       | channel  | no   | objection
  phone  business | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  fax    consumer | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  fax    business | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  post   consumer | consent  | consent   | consent| consent | interest | channel | interest | no | objection
  post   business | consent  | consent   | consent| consent | interest | channel | interest | no | objection`,
  CH: `
                  | verified | elsewhere | signed | oral | customer | presumed | interest | none | objection
  email  consumer | consent  | unverif   | unverif| thin | customer | channel  | channel  | no   | objection
  email  business | consent  | unverif   | unverif| thin | customer | channel  | channel  | no   | objection
  sms    consumer | consent  | unverif   | consent| thin | customer | channel  | channel  | no   | objection
  sms    business | consent  | unverif   | consent| thin | customer | channel  | channel  | no   | objection
  phone  consumer | consent  | unverif   | consent| thin | channel  | no       | channel  | no   | objection
  phone  business | consent  | unverif   | consent| pres | channel  | pres     | channel  | no   | objection
  fax    consumer | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  fax    business | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  post   consumer | consent  | consent   | consent| consent | interest | channel | interest | no | objection
  post   business | consent  | consent   | consent| consent | interest | channel | interest | no | objection`,
  FR: `
                  | verified | elsewhere | signed | oral | customer | presumed | interest | none | objection
  email  consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  email  business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  sms    consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  sms    business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  phone  consumer | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  phone  business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  fax    consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  fax    business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  post   consumer | consent  | consent   | consent| consent | channel | channel | channel | no | objection
  post   business | consent  | consent   | consent| consent | channel | channel | channel | no | objection`,
  NL: `
                  | verified | elsewhere | signed | oral | customer | presumed | interest | none | objection
  email  consumer | consent  | unverif   | unverif| thin | customer | channel  | channel  | no   | objection
  email  business | consent  | unverif   | unverif| thin | customer | channel  | channel  | no   | objection
  sms    consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  sms    business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  phone  consumer | consent  | unverif   | consent| thin | channel  | channel  | channel  | no   | objection
  phone  business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  fax    consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  fax    business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  post   consumer | consent  | consent   | consent| consent | channel | channel | channel | no | objection
  post   business | consent  | consent   | consent| consent | channel | channel | channel | no | objection`,
  // A country without a table of its own.
  ES: `
                  | verified | elsewhere | signed | oral | customer | presumed | interest | none | objection
  email  consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  email  business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  sms    consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  sms    business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  phone  consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  phone  business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  fax    consumer | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  fax    business | consent  | unverif   | unverif| thin | channel  | channel  | channel  | no   | objection
  post   consumer | consent  | consent   | consent| consent | channel | channel | channel | no | objection
  post   business | consent  | consent   | consent| consent | channel | channel | channel | no | objection`,
};

const words: Record<string, Reason> = {
  consent: 'consent_active',
  customer: 'existing_customer',
  pres: 'presumed_consent',
  interest: 'legitimate_interest',
  unverif: 'channel_not_verified',
  thin: 'evidence_incomplete',
  channel: 'no_permission_for_channel',
  no: 'no_permission',
  objection: 'suppressed_objection',
};
const yes: Reason[] = ['consent_active', 'existing_customer', 'presumed_consent', 'legitimate_interest'];

type Ground = keyof typeof grounds;
type Cell = { jurisdiction: Jurisdiction; channel: Question['channel']; audience: Audience; ground: Ground };

const cells = Object.entries(expected).flatMap(([jurisdiction, table]) => {
  const [[, ...names] = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((word) => word.trim()));
  return rows.flatMap(([who = '', ...answers]) => {
    const [channel, audience] = who.split(/ +/);
    return answers.map((answer, index) => ({
      cell: { jurisdiction, channel, audience, ground: names[index] } as Cell,
      reason: words[answer],
    }));
  });
});

/** France and the Netherlands have new law since summer. */
const at = (jurisdiction: string) =>
  ['FR', 'NL'].includes(jurisdiction) ? '2026-08-12T10:00:00.000Z' : question.at;
const answerIn = ({ ground, ...asked }: Cell) =>
  decideQuestion(
    { ...question, ...asked, at: at(asked.jurisdiction) },
    knowing(grounds[ground]),
    contactRules,
  );

describe('the contact tables', () => {
  it('have an expectation for every channel, audience, ground and jurisdiction', () => {
    expect(cells).toHaveLength(5 * 2 * Object.keys(grounds).length * 6);
    expect(cells.filter(({ reason }) => !reason)).toEqual([]);
  });

  it.each(cells)(
    '$cell.jurisdiction $cell.channel $cell.audience, $cell.ground: $reason',
    ({ cell, reason }) => {
      const answer = answerIn(cell);
      expect(answer.reason).toBe(reason);
      expect(answer.allowed).toBe(yes.includes(answer.reason));
    },
  );
});

const a = 'Art. 6 Abs. 1 lit. a DSGVO';
const f = 'Art. 6 Abs. 1 lit. f DSGVO';
const mail = ['unsubscribe_link', 'rfc8058_headers', 'imprint', 'frequency_max', 'no_tracking'];
const customerMail = ['notice_7_3_sentence', 'unsubscribe_link', 'rfc8058_headers', 'imprint', 'no_tracking'];
const text = ['sender_id', 'stop_at_base_cost', 'imprint', 'frequency_max', 'no_tracking'];
const call = ['show_caller_id', 'stop_on_request', 'ask_recording_consent'];
const coldCall = ['show_caller_id', 'art14_source_notice', 'stop_on_request', 'ask_recording_consent'];
const letter = ['art21_4_notice'];

/** Who may be contacted by which law, and what has to be done with it. */
const lawAndDuties: [string, string[], string[]][] = [
  ['DE email consumer verified', ['§ 7 Abs. 2 Nr. 2 UWG', a], mail],
  ['DE email business verified', ['§ 7 Abs. 2 Nr. 2 UWG', a], mail],
  ['DE email consumer customer', ['§ 7 Abs. 3 UWG', 'Art. 13 Abs. 2 RL 2002/58/EG'], customerMail],
  ['DE sms consumer verified', ['§ 7 Abs. 2 Nr. 2 UWG', a], text],
  ['DE sms business signed', ['§ 7 Abs. 2 Nr. 2 UWG', a], text],
  ['DE phone consumer signed', ['§ 7 Abs. 2 Nr. 1 UWG', '§ 7a UWG', a], ['log_use_7a', ...call]],
  ['DE phone business signed', ['§ 7 Abs. 2 Nr. 1 UWG', a], ['log_use_7a', ...call]],
  ['DE phone business oral', ['§ 7 Abs. 2 Nr. 1 UWG', f], coldCall],
  ['DE phone business presumed', ['§ 7 Abs. 2 Nr. 1 UWG', f], coldCall],
  [
    'DE fax consumer verified',
    ['§ 7 Abs. 2 Nr. 2 UWG', a],
    ['sender_id', 'stop_at_base_cost', 'imprint', 'frequency_max'],
  ],
  ['DE post consumer verified', [a], letter],
  ['DE post consumer customer', [f], letter],
  ['DE post business interest', [f], ['art14_source_notice', 'art21_4_notice']],
  ['AT email consumer verified', ['§ 174 TKG 2021', a], mail],
  [
    'AT email business customer',
    ['§ 174 TKG 2021', 'Art. 13 Abs. 2 RL 2002/58/EG'],
    [...customerMail, 'ecg_check'],
  ],
  ['AT phone business signed', ['§ 174 TKG 2021', a], call],
  ['CH email consumer verified', ['Art. 3 Abs. 1 lit. o UWG (CH)', a], mail],
  ['CH email consumer customer', ['Art. 3 Abs. 1 lit. o UWG (CH)'], customerMail],
  ['CH phone business presumed', ['Art. 3 Abs. 1 lit. u UWG (CH)', f], ['star_entry_check', ...coldCall]],
  ['FR phone consumer signed', ['Art. L223-1 Code de la consommation', a], call],
  ['NL phone consumer signed', ['Art. 11.7 Telecommunicatiewet (NL)', a], call],
  ['ES email consumer verified', ['Art. 13 Abs. 1 RL 2002/58/EG', a], mail],
  ['CH phone consumer signed', ['Art. 3 Abs. 1 lit. u UWG (CH)', a], call],
];

/** The norm that forbids, and what it asks for. */
const whyNot: [string, string[], string[]][] = [
  ['DE email consumer none', ['§ 7 Abs. 2 Nr. 2 UWG'], ['do_not_contact', 'no_re_permission']],
  ['DE email business presumed', ['§ 7 Abs. 2 Nr. 2 UWG'], ['do_not_contact']],
  [
    'DE sms consumer elsewhere',
    ['Art. 7 Abs. 1 DSGVO', '§ 7 Abs. 2 Nr. 2 UWG'],
    ['do_not_contact', 'verify_channel'],
  ],
  ['DE phone consumer none', ['§ 7 Abs. 2 Nr. 1 UWG'], ['do_not_contact']],
  ['DE phone consumer presumed', ['§ 7 Abs. 2 Nr. 1 UWG'], ['do_not_contact']],
  [
    'DE phone consumer oral',
    ['§ 7a Abs. 1 UWG', '§ 20 Abs. 1 Nr. 2 UWG'],
    ['do_not_contact', 'complete_evidence'],
  ],
  ['DE phone business none', ['§ 7 Abs. 2 Nr. 1 UWG'], ['do_not_contact']],
  ['DE fax business none', ['§ 7 Abs. 2 Nr. 2 UWG'], ['do_not_contact']],
  ['DE post consumer none', ['Art. 6 Abs. 1 DSGVO'], ['do_not_contact']],
  [
    'DE post consumer objection',
    ['Art. 21 Abs. 3 DSGVO', '§ 7 Abs. 1 Satz 2 UWG'],
    ['keep_suppression_entry'],
  ],
  ['AT phone business presumed', ['§ 174 TKG 2021'], ['do_not_contact']],
  [
    'AT email consumer signed',
    ['Art. 7 Abs. 1 DSGVO', 'Art. 32 DSGVO', '§ 174 TKG 2021'],
    ['verify_channel'],
  ],
  ['CH phone consumer none', ['Art. 3 Abs. 1 lit. u UWG (CH)'], ['do_not_contact']],
  ['CH fax consumer none', ['Art. 3 Abs. 1 lit. o UWG (CH)'], ['do_not_contact']],
];

const named = (name: string) => {
  const [jurisdiction, channel, audience, ground] = name.split(' ');
  return { jurisdiction, channel, audience, ground } as Cell;
};

/** law.md 6.2, automatic machine or AI voice: `named` is a signed consent whose words name them. */
const automatic: [string, Jurisdiction, Audience, Partial<Facts>, Reason][] = (
  ['DE', 'AT', 'CH', 'FR'] as const
).flatMap((jurisdiction) =>
  (['consumer', 'business'] as const).flatMap((audience): typeof automatic => {
    const named = { permission: { ...verified, namesAutomaticCalls: true } };
    const call = (name: string, facts: Partial<Facts>, reason: Reason): (typeof automatic)[number] => [
      name,
      jurisdiction,
      audience,
      facts,
      reason,
    ];
    return [
      call('named', named, 'consent_active'),
      call('only calls', grounds.verified, 'means_not_covered'),
      call('customer', grounds.customer, 'means_not_covered'),
      call('presumed', grounds.presumed, 'means_not_covered'),
      call('none', grounds.none, 'no_permission'),
      call('objection', { ...named, suppressions: grounds.objection.suppressions }, 'suppressed_objection'),
    ];
  }),
);

describe('an automatic call', () => {
  it.each(automatic)('%s in %s to a %s', (_, jurisdiction, audience, facts, reason) => {
    const asked = { ...question, channel: 'phone', jurisdiction, audience, means: 'automatic' } as const;
    const answer = decideQuestion(asked, knowing(facts), contactRules);
    expect(answer.reason).toBe(reason);
    if (answer.allowed) expect(answer.duties).toContain('announce_ai');
  });
});

describe('an answer', () => {
  it.each(lawAndDuties)('yes for %s names its law and duties', (cell, law, duties) => {
    expect(answerIn(named(cell))).toMatchObject({ allowed: true, law, duties });
  });

  it.each(whyNot)('no for %s names the law that forbids', (cell, law, duties) => {
    const answer = answerIn(named(cell));
    expect(answer.allowed).toBe(false);
    expect(answer.law).toEqual(expect.arrayContaining(law));
    expect(answer.duties).toEqual(expect.arrayContaining(duties));
  });
});
