/** How large files and functions are, for the size aims of src/docs/architecture.md. */
import ts from 'typescript';
import type { SourceFile } from './architecture.ts';

export interface FunctionSize {
  /** `src/signups/request-signup.ts:40 requestSignup`. */
  name: string;
  lines: number;
  /** Paths through it (McCabe, "A Complexity Measure", 1976): one, and one more for every branch. */
  complexity: number;
}

/** Every function with a body; those inside of it count for themselves and not for its complexity. */
export function functionsOf({ path, text }: SourceFile): FunctionSize[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: FunctionSize[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const [from, to] = [lineOf(node.getStart()), lineOf(node.end)];
      found.push({
        name: `${path}:${from} ${nameOf(node)}`,
        lines: to - from + 1,
        complexity: 1 + branchesIn(node.body as ts.Node),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The value below which this share of all lie. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function branchesIn(node: ts.Node): number {
  let count = 0;
  ts.forEachChild(node, (child) => {
    if (ts.isFunctionLike(child)) return;
    count += (isBranch(child) ? 1 : 0) + branchesIn(child);
  });
  return count;
}

function isBranch(node: ts.Node): boolean {
  // Labels that share their statements are one branch.
  if (ts.isCaseClause(node)) return node.statements.length > 0;
  if (ts.isBinaryExpression(node)) return shortCircuits.has(node.operatorToken.kind);
  return branches.has(node.kind);
}

const branches = new Set([
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ConditionalExpression,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.CatchClause,
]);

const shortCircuits = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

function nameOf(node: ts.SignatureDeclaration): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return named?.getText() ?? '(no name)';
}
