/** What each node leads to. */
export type Graph = Map<string, Set<string>>;

/** Circles as `a → b → a`: every node that leads back to itself is in one of them. */
export function circlesIn(graph: Graph): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const start of [...graph.keys()].sort()) {
    if (seen.has(start)) continue;
    const circle = shortestCircle(graph, start);
    if (!circle) continue;
    for (const node of circle) seen.add(node);
    found.push([...circle, start].join(' → '));
  }
  return found;
}

/** Breadth first, so the first way back to the start is a shortest one. */
function shortestCircle(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return wayTo(node, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(node: string, cameFrom: Map<string, string>): string[] {
  const before = cameFrom.get(node);
  return before === undefined ? [node] : [...wayTo(before, cameFrom), node];
}
