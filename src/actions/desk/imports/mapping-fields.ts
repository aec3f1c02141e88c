import { importNames } from '#src/exchange/import-columns.ts';
import { type Mapping, readMapping } from '#src/exchange/mapping.ts';
import { type FormFields, first } from '#src/forms/fields.ts';

/** What holds for all lines counts more than a column. `undefined` for what our page does not send. */
export function mappingOf(fields: FormFields): Mapping | undefined {
  const typed = (name: string) => (first(fields, name) ?? '').trim();
  const columns = importNames.flatMap((name): [string, string][] => {
    const [fixed, column] = [typed(`fixed_${name}`), typed(`from_${name}`)];
    if (fixed) return [[name, `=${fixed}`]];
    return column ? [[name, column]] : [];
  });
  const [state, stateAt] = [typed('fixed_state'), typed('from_state_at')];
  const answers = answersIn(typed);
  return readMapping({
    ...Object.fromEntries(columns),
    ...(state && { state: `=${state}` }),
    ...(stateAt && { state_at: stateAt }),
    states: Object.fromEntries(answers.flatMap(({ column, values }) => (values ? [[column, values]] : []))),
    ignore: answers.flatMap(({ column, values }) => (values ? [] : [column])),
  });
}

/** What was said about each column that reads like a state: `values` is missing where it says nothing. */
function answersIn(typed: (name: string) => string) {
  const answers: { column: string; values?: Record<string, string> }[] = [];
  for (let index = 0; typed(`state_column_${index}`) !== ''; index++) {
    const column = typed(`state_column_${index}`);
    const says = typed(`says_${index}`);
    if (says === 'ignore') answers.push({ column });
    else if (says === 'by_value') answers.push({ column, values: valuesIn(typed, index) });
    else if (says !== '') answers.push({ column, values: { '*': says } });
  }
  return answers;
}

function valuesIn(typed: (name: string) => string, index: number): Record<string, string> {
  const values: Record<string, string> = {};
  for (let at = 0; typed(`value_${index}_${at}`) !== ''; at++) {
    const says = typed(`means_${index}_${at}`);
    if (says !== '') values[typed(`value_${index}_${at}`)] = says;
  }
  return values;
}
