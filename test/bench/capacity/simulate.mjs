/**
 * @typedef {object} Station
 * @property {string} name
 * @property {number} servers how many serve at a time; the others wait in the order in which they came
 */

/**
 * @typedef {object} Kind
 * @property {number} share of the arrivals, of 1
 * @property {Readonly<Record<string, (random: () => number) => number>>} service seconds at each station it passes, in order
 */

/**
 * Simulates a line of stations with arrivals at random (Poisson), event by event, from a seed: the same seed gives the same
 * numbers. It begins empty; the first fifth is not counted.
 *
 * @param {object} model
 * @param {readonly Station[]} model.stations
 * @param {readonly Kind[]} model.kinds
 * @param {number} model.perSecond arrivals a second, of all kinds
 * @param {number} model.arrivals how many there are
 * @param {number} model.seed
 * @returns {Readonly<Record<string, { busy: number, waited: readonly number[] }>>} for each station how much of its servers'
 *   time was used (of 1), and the seconds that those who came waited, sorted
 */
export function simulate({ stations, kinds, perSecond, arrivals, seed }) {
  const random = seeded(seed)
  const free = new Map(stations.map(({ name, servers }) => [name, new Float64Array(servers)]))
  const served = new Map(stations.map(({ name }) => [name, 0]))
  const waited = new Map(stations.map(({ name }) => [name, []]))
  const events = new Heap()
  let now = 0
  for (let index = 0; index < arrivals; index += 1) {
    now += exponential(1 / perSecond)(random)
    const kind = pick(kinds, random())
    const way = Object.entries(kind.service)
    if (way.length > 0) events.push({ at: now, index, way, step: 0 })
  }
  const from = now / 5
  let until = 0
  for (let event = events.pop(); event !== undefined; event = events.pop()) {
    const { at, way, step } = event
    const [name, service] = way[step]
    const servers = free.get(name)
    const next = earliest(servers)
    const begins = Math.max(at, servers[next])
    const takes = service(random)
    servers[next] = begins + takes
    until = Math.max(until, begins + takes)
    if (at >= from) waited.get(name).push(begins - at)
    served.set(name, served.get(name) + takes)
    if (step + 1 < way.length) events.push({ ...event, at: begins + takes, step: step + 1 })
  }
  return Object.fromEntries(
    stations.map(({ name, servers }) => [
      name,
      { busy: served.get(name) / (servers * until), waited: waited.get(name).toSorted((a, b) => a - b) },
    ]),
  )
}

/** A time that is mostly short and now and then long: exponential, by its mean. */
export const exponential = (mean) => (random) => -Math.log(1 - random()) * mean

/** What people take: log-normal, by its median; `spread` is the standard deviation of its logarithm. */
export const logNormal = (median, spread) => (random) =>
  median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))

/** Numbers from 0 to 1 that a seed decides (mulberry32, Tommy Ettinger). */
export function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick(kinds, at) {
  let sum = 0
  for (const kind of kinds) {
    sum += kind.share
    if (at < sum) return kind
  }
  return kinds[kinds.length - 1]
}

function earliest(servers) {
  let best = 0
  for (let index = 1; index < servers.length; index += 1) if (servers[index] < servers[best]) best = index
  return best
}

/** Events by time, and those of one time by who came first. */
class Heap {
  #items = []

  push(item) {
    const items = this.#items
    let place = items.push(item) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(items[place], items[parent])) return
      ;[items[place], items[parent]] = [items[parent], items[place]]
      place = parent
    }
  }

  pop() {
    const items = this.#items
    const [first] = items
    const last = items.pop()
    if (items.length > 0) {
      items[0] = last
      this.#sink()
    }
    return first
  }

  #sink() {
    const items = this.#items
    for (let place = 0; ; ) {
      const left = 2 * place + 1
      let least = place
      for (const child of [left, left + 1]) {
        if (child < items.length && isBefore(items[child], items[least])) least = child
      }
      if (least === place) return
      ;[items[place], items[least]] = [items[least], items[place]]
      place = least
    }
  }
}

const isBefore = (one, other) => one.at < other.at || (one.at === other.at && one.index < other.index)
