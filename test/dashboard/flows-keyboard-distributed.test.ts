import { describeWithChromium, describeWithPostgres, describeWithRedis } from '@preceptor/test-setup'
import { useBrowser } from './browser.ts'
import { decidingFlows } from './flows/deciding.ts'
import { usePeople } from './flows/person.ts'
import { stoppingFlows } from './flows/stopping.ts'
import { supervisingFlows } from './flows/supervising.ts'
import { trainingFlow } from './flows/training.ts'
import { useHosted } from './host/hosted.ts'

describeWithPostgres('on Postgres', () => {
  describeWithRedis('and Redis', () => {
    describeWithChromium('the dashboard of a server with a worker beside it, by keyboard alone', () => {
      const stage = usePeople(useHosted('distributed'), useBrowser(), 'keyboard')
      decidingFlows(stage)
      supervisingFlows(stage)
      trainingFlow(stage)
      stoppingFlows(stage)
    })
  })
})
