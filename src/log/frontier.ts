import { createHash } from 'node:crypto';
import { type Hash, nodeHash } from './merkle-tree.ts';

/** The right edge of a growing tree: enough to know its root at every size, with no more than one hash a level. */
export class Frontier {
  #size = 0;
  #roots: { leaves: number; hash: Hash }[] = [];

  get size(): number {
    return this.#size;
  }

  add(leaf: Hash): void {
    this.#size += 1;
    let node = { leaves: 1, hash: leaf };
    for (let left = this.#roots.at(-1); left?.leaves === node.leaves; left = this.#roots.at(-1)) {
      this.#roots.pop();
      node = { leaves: left.leaves * 2, hash: nodeHash(left.hash, node.hash) };
    }
    this.#roots.push(node);
  }

  root(): Hash {
    const [last, ...rest] = this.#roots.map(({ hash }) => hash).reverse();
    if (!last) return createHash('sha256').digest();
    return rest.reduce((right, left) => nodeHash(left, right), last);
  }
}
