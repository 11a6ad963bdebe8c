import { describeWithChromium } from '@preceptor/test-setup'
import { useBrowser } from './browser.ts'
import { decidingFlows } from './flows/deciding.ts'
import { usePeople } from './flows/person.ts'
import { reconnectingFlow } from './flows/reconnecting.ts'
import { stoppingFlows } from './flows/stopping.ts'
import { supervisingFlows } from './flows/supervising.ts'
import { trainingFlow } from './flows/training.ts'
import { useHosted } from './host/hosted.ts'

describeWithChromium('the dashboard of a process with an embedded database', () => {
  const [hosted, browser] = [useHosted('embedded'), useBrowser()]
  const stage = usePeople(hosted, browser, 'pointer')
  decidingFlows(stage)
  supervisingFlows(stage)
  trainingFlow(stage)
  stoppingFlows(stage)
  reconnectingFlow(hosted, browser)
})
