/**
 * Whether the words name calling machines or artificial voices (§ 7 Abs. 2 Nr. 2 UWG). Who agrees to "calls" agrees to
 * those of people: the kind of advertising must be known (BGH I ZR 169/10). In German, English and French.
 */
export function namesAutomaticCalls(wording: string): boolean {
  return patterns.some((pattern) => pattern.test(wording));
}

const patterns = [
  /automati(?:sch|sier)\p{L}*\s+(?:\p{L}+\s+)?(?:Anruf|Telefon)/iu,
  /Anrufautomat|Anrufmaschine|Anrufcomputer|Sprachcomputer|Sprachroboter|Computerstimme|Telefonroboter/iu,
  /(?:k\u00fcnstlich|synthetisch|computererzeugt|computergeneriert)\p{L}*\s+(?:\p{L}+\s+)?Stimme/iu,
  /\bKI-(?:Stimme|Anruf|Sprach)|\bvoice ?bots?\b|\brobo-?calls?\b/iu,
  /\bautomat(?:ed|ic)\s+(?:\p{L}+\s+)?(?:calls?|calling|voices?|dialling|dialing)\b/iu,
  /\b(?:artificial|synthetic|AI|computer-generated)\s+voices?\b/iu,
  /\bappels?\s+(?:t\u00e9l\u00e9phoniques\s+)?automati|automates?\s+d[\u2019']appel|voix\s+(?:artificielle|synth|de synth)/iu,
];
