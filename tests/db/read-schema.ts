import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

export interface Column {
  type: 'text' | 'integer';
  nullable: boolean;
  /** Kysely lets an insert leave it out. */
  generated: boolean;
}

/** The tables of `db/schema/` as the type checker reads them: a map of columns for each table. */
export function readSchema(folder: string): Map<string, Map<string, Column>> {
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  for (const path of globSync(`${folder}/*.ts`)) {
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    for (const node of file.statements.filter(ts.isInterfaceDeclaration))
      interfaces.set(node.name.text, node);
  }
  const tables = membersOf(interfaces.get('Schema'));
  return new Map(
    [...tables].map(([table, type]) => {
      const columns = membersOf(interfaces.get(type.getText()));
      return [table, new Map([...columns].map(([column, of]) => [column, columnOf(of)]))];
    }),
  );
}

function membersOf(declaration: ts.InterfaceDeclaration | undefined): Map<string, ts.TypeNode> {
  if (!declaration) throw new Error('Schema names a table that no file declares.');
  const members = declaration.members.filter(ts.isPropertySignature);
  return new Map(members.flatMap(({ name, type }) => (type ? [[name.getText(), type]] : [])));
}

function columnOf(type: ts.TypeNode): Column {
  const inner =
    ts.isTypeReferenceNode(type) && type.typeName.getText() === 'Generated' ? type.typeArguments?.[0] : type;
  const parts = inner && ts.isUnionTypeNode(inner) ? [...inner.types] : [inner];
  return {
    type: parts.some((part) => part?.kind === ts.SyntaxKind.NumberKeyword) ? 'integer' : 'text',
    nullable: parts.some((part) => part?.getText() === 'null'),
    generated: inner !== type,
  };
}
