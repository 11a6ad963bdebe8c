import { describeWithChromium, describeWithPostgres, describeWithRedis } from '@preceptor/test-setup'
import { useBrowser } from './browser.ts'
import { decidingFlows, reconnectingFlow } from './core-flows.ts'
import { useHosted } from './host/hosted.ts'

describeWithPostgres('on Postgres', () => {
  describeWithRedis('and Redis', () => {
    describeWithChromium('the dashboard of a server with a worker beside it', () => {
      const stage = { hosted: useHosted('distributed'), browser: useBrowser() }
      decidingFlows(stage)
      reconnectingFlow(stage)
    })
  })
})
