import { channelsOf, openChannels } from '../channels-of.ts'
import { type Command, textOf } from '../command.ts'
import { LOG_FLAG, withLog } from '../log.ts'
import { METRICS_FLAG, withMetrics } from '../metrics-address.ts'
import { openGovernor, untilEnded } from '../open-governor.ts'
import { describePlace, PLACE_FLAGS, placeOf } from '../place.ts'
import { wholeNumber } from './paging.ts'

/** `preceptor worker`: what is due, in a process of its own. */
export const worker: Command = {
  name: 'worker',
  words: [],
  summary: 'Run what is due (expiry, sealing, verification) until SIGINT or SIGTERM; any number may run at once',
  flags: {
    ...PLACE_FLAGS,
    ...METRICS_FLAG,
    ...LOG_FLAG,
    concurrency: { value: '<number>', summary: 'jobs at the same time, 1 to 256; default 4' },
  },
  endsItself: true,
  async run(asked) {
    const call = withLog(asked)
    const given = textOf(call, 'concurrency')
    const concurrency = given === undefined ? undefined : wholeNumber('concurrency', given, { from: 1, to: 256 })
    const place = placeOf(call)
    const { createWorker } = await import('@preceptor/worker')
    const channels = await openChannels(channelsOf(call.host.env))
    const governor = await openGovernor(call, place, { channels })
    const work = async (): Promise<void> => {
      const running = await createWorker(governor, concurrency === undefined ? {} : { concurrency })
      try {
        const text = `Worker     runs, on ${describePlace(place)}`
        await call.print({ text, json: { running: true, database: describePlace(place), pid: process.pid } })
        await untilEnded(call)
        call.host.note('closing')
      } finally {
        await running.close()
      }
    }
    try {
      await withMetrics(call, governor, work)
    } finally {
      await governor.close()
    }
    return 0
  },
}
