/** Whether it may be measured that a mail is opened, and which links in it. */
export interface Measuring {
  opens: boolean;
  clicks: boolean;
}

/** What the words of a consent say is measured. */
export function measuredIn(wording: string): Measuring {
  return {
    opens: /öffn|\bopen(?:s|ed|ing)?\b|\bouvr|\bouvert/iu.test(wording),
    clicks: /klick|\bclick(?:s|ed|ing)?\b|\bcliqu/iu.test(wording),
  };
}
