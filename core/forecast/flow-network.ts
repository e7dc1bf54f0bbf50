const NONE = 0xffffffff;

/**
 * A network of capacities, and the most that flows through it (Dinic: phases of shortest augmenting paths). Each
 * connection is an arc and, at the next odd number, its reverse, which holds what has flowed.
 */
export class FlowNetwork {
  readonly #vertices: number;
  /** The first arc of each vertex, and after each arc the next one of the same vertex. */
  readonly #first: Uint32Array;
  readonly #next: number[] = [];
  readonly #target: number[] = [];
  /** What each arc can still take. */
  readonly #room: number[] = [];
  /** Steps from the source; NONE where nothing more can flow to. */
  readonly #distance: Uint32Array;
  /** Where each vertex's search goes on in this phase. */
  readonly #current: Uint32Array;

  constructor(vertices: number) {
    this.#vertices = vertices;
    this.#first = new Uint32Array(vertices).fill(NONE);
    this.#distance = new Uint32Array(vertices);
    this.#current = new Uint32Array(vertices);
  }

  connect(from: number, to: number, capacity: number): void {
    this.#addArc(from, to, capacity);
    this.#addArc(to, from, 0);
  }

  #addArc(from: number, to: number, room: number): void {
    this.#next.push(at(this.#first, from));
    this.#first[from] = this.#target.length;
    this.#target.push(to);
    this.#room.push(room);
  }

  /** Call it once. Infinite capacities must not form a path from source to sink. */
  maximumFlow(source: number, sink: number): number {
    let flow = 0;
    while (this.#layer(source, sink)) {
      this.#current.set(this.#first);
      for (let more = this.#augment(source, sink); more > 0; more = this.#augment(source, sink)) flow += more;
    }
    return flow;
  }

  /** After `maximumFlow`: is the vertex on the source's side of the minimum cut? */
  isOnSourceSide(vertex: number): boolean {
    return at(this.#distance, vertex) !== NONE;
  }

  /** Breadth first over arcs with room left; whether the sink is reached. */
  #layer(source: number, sink: number): boolean {
    this.#distance.fill(NONE);
    this.#distance[source] = 0;
    const queue = new Uint32Array(this.#vertices);
    queue[0] = source;
    for (let head = 0, tail = 1; head < tail; head++) {
      const vertex = at(queue, head);
      for (let arc = at(this.#first, vertex); arc !== NONE; arc = this.#after(arc)) {
        const target = this.#to(arc);
        if (this.#left(arc) === 0 || at(this.#distance, target) !== NONE) continue;
        this.#distance[target] = at(this.#distance, vertex) + 1;
        queue[tail++] = target;
      }
    }
    return at(this.#distance, sink) !== NONE;
  }

  /** One path along the layers, with its own stack: it can be as long as the graph. Returns what flows along it, or 0. */
  #augment(source: number, sink: number): number {
    const path: number[] = [];
    let vertex = source;
    while (vertex !== sink) {
      const arc = at(this.#current, vertex);
      if (arc !== NONE) {
        const target = this.#to(arc);
        if (this.#left(arc) > 0 && at(this.#distance, target) === at(this.#distance, vertex) + 1) {
          path.push(arc);
          vertex = target;
        } else this.#current[vertex] = this.#after(arc);
        continue;
      }
      const back = path.pop();
      if (back === undefined) return 0;
      vertex = this.#to(back ^ 1);
      this.#current[vertex] = this.#after(back);
    }
    const flow = path.reduce((least, arc) => Math.min(least, this.#left(arc)), Infinity);
    for (const arc of path) {
      this.#room[arc] = this.#left(arc) - flow;
      this.#room[arc ^ 1] = this.#left(arc ^ 1) + flow;
    }
    return flow;
  }

  #after(arc: number): number {
    return at(this.#next, arc);
  }

  #to(arc: number): number {
    return at(this.#target, arc);
  }

  #left(arc: number): number {
    return at(this.#room, arc);
  }
}

/** Vertices and arcs come from the network's own lists, so the index is always in range. */
function at(list: ArrayLike<number>, index: number): number {
  return list[index] ?? NONE;
}
