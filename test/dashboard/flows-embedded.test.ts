import { describeWithChromium } from '@preceptor/test-setup'
import { useBrowser } from './browser.ts'
import { decidingFlows, reconnectingFlow } from './core-flows.ts'
import { useHosted } from './host/hosted.ts'

describeWithChromium('the dashboard of a process with an embedded database', () => {
  const stage = { hosted: useHosted('embedded'), browser: useBrowser() }
  decidingFlows(stage)
  reconnectingFlow(stage)
})
