/**
 * Questions whose answers cost about the same for one as for many: whoever asks while one is looked up is answered
 * together with all others who wait, by the next look-up. What was written before somebody asked is seen by their answer.
 */
export interface Together<Question, Answer> {
  ask(question: Question): Promise<Answer>;
}

/** `answerAll` gives an answer for each question, in their order, or fails for all of them. */
export function together<Question, Answer>(
  answerAll: (questions: Question[]) => Promise<Answer[]>,
  { most, idle }: { most: number; idle?: () => void },
): Together<Question, Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const asking = waiting.splice(0, most);
      try {
        const answers = await answerAll(asking.map(({ question }) => question));
        for (const [index, { resolve }] of asking.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of asking) reject(error);
      }
    }
    running = false;
    idle?.();
  }

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        waiting.push({ question, resolve, reject });
        if (!running) void run();
      }),
  };
}

interface Waiting<Question, Answer> {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}
