import { GovernanceError } from '@preceptor/client'
import type { Clock } from './clock.ts'
import { systemRandomBytes } from './randomness.ts'

/**
 * What an id belongs to: decision, execution, proposal, review, training proposal, blocked trigger, supervision session, queue
 * entry, comment, journal row, key, stop, grant, confidence entry, maturity transition, event, policy, run, ticket, evidence,
 * incident, webhook, delivery, escalation, alert, training session, presence session, advice,
 * intervention, review by an agent, bypass, playbook, playbook deployment, feedback, example, learning session, training run,
 * experiment, adaptation, prediction, trial, workflow, workflow run, step, schedule, collaboration, message, delegation, consensus.
 */
export type IdPrefix =
  | 'dec'
  | 'exe'
  | 'prp'
  | 'rev'
  | 'cmt'
  | 'trp'
  | 'blk'
  | 'ses'
  | 'que'
  | 'jrn'
  | 'key'
  | 'stp'
  | 'grt'
  | 'cfe'
  | 'mtr'
  | 'evt'
  | 'pol'
  | 'run'
  | 'tkt'
  | 'evd'
  | 'inc'
  | 'whk'
  | 'dlv'
  | 'esc'
  | 'alr'
  | 'trs'
  | 'prs'
  | 'adv'
  | 'itv'
  | 'byp'
  | 'rvw'
  | 'bus'
  | 'pbk'
  | 'pbd'
  | 'fbk'
  | 'exm'
  | 'lss'
  | 'trn'
  | 'xpr'
  | 'adp'
  | 'prd'
  | 'trl'
  | 'wfl'
  | 'wrn'
  | 'wst'
  | 'wsc'
  | 'col'
  | 'msg'
  | 'dlg'
  | 'cns'

/** Where ids come from. */
export interface Ids {
  /** A new id, `<prefix>_<UUIDv7>`; each sorts after the one before it, also when the clock goes back. */
  next(prefix: IdPrefix): string
}

/** What ids are made from. */
export interface IdsOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Source of randomness; the default is that of the runtime. */
  readonly randomBytes?: (size: number) => Uint8Array
}

const POOL_SIZE = 2_048
const RANDOM_PER_ID = 8
const LATEST = 0xffff_ffff_ffff
const LAST_COUNT = 0xfff

/**
 * Makes a source of UUIDv7 ids (RFC 9562): 48 bits of time, a counter of 12 bits within one millisecond, and 62 random
 * bits. When the counter is used up the time moves on by one.
 */
export function createIds({ clock, randomBytes = systemRandomBytes }: IdsOptions): Ids {
  let pool: Uint8Array = new Uint8Array(0)
  let position = 0
  let time = -1
  let count = 0
  let stamp = ''

  /** The next random bytes begin at `position` less their number. */
  function refill(): void {
    if (position + RANDOM_PER_ID > pool.length) {
      // A copy, because the source may use its memory again.
      pool = Uint8Array.from(randomBytes(POOL_SIZE))
      position = 0
      if (pool.length !== POOL_SIZE)
        throw new GovernanceError('FACT_INVALID', { message: 'Too few random bytes came.' })
    }
    position += RANDOM_PER_ID
  }

  function advance(now: number): void {
    if (!(now >= 0 && now < LATEST)) {
      throw new GovernanceError('FACT_INVALID', { message: `The clock gave ${now}, which is no time.` })
    }
    if (now > time) {
      moveTo(now)
    } else if (count < LAST_COUNT) {
      count += 1
    } else {
      moveTo(time + 1)
    }
  }

  function moveTo(next: number): void {
    time = next
    count = 0
    const digits = time.toString(16).padStart(12, '0')
    stamp = `${digits.slice(0, 8)}-${digits.slice(8)}`
  }

  return {
    next(prefix) {
      advance(Math.floor(clock.now()))
      refill()
      return `${prefix}_${stamp}-7${COUNTERS[count]}-${tailOf(pool, position - RANDOM_PER_ID)}`
    },
  }
}

const hexOf = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
const HEX = Array.from({ length: 256 }, (_, byte) => hexOf(byte, 2))
const VARIANT = HEX.map((_, byte) => hexOf((byte & 0x3f) | 0x80, 2))
const COUNTERS = Array.from({ length: LAST_COUNT + 1 }, (_, count) => hexOf(count, 3))

/** The last 64 bits of an id: the variant and 62 random bits, from 8 bytes that begin somewhere. */
function tailOf(bytes: Uint8Array, from: number): string {
  const hex = (place: number): string => HEX[bytes[from + place] ?? 0] ?? ''
  const first = `${VARIANT[bytes[from] ?? 0]}${hex(1)}`
  return `${first}-${hex(2)}${hex(3)}${hex(4)}${hex(5)}${hex(6)}${hex(7)}`
}
