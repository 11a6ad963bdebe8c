import { describeWithChromium } from '@preceptor/test-setup'
import { useBrowser } from './browser.ts'
import { decidingFlows } from './flows/deciding.ts'
import { usePeople } from './flows/person.ts'
import { stoppingFlows } from './flows/stopping.ts'
import { supervisingFlows } from './flows/supervising.ts'
import { trainingFlow } from './flows/training.ts'
import { useHosted } from './host/hosted.ts'

describeWithChromium('the dashboard by keyboard alone', () => {
  const stage = usePeople(useHosted('embedded'), useBrowser(), 'keyboard')
  decidingFlows(stage)
  supervisingFlows(stage)
  trainingFlow(stage)
  stoppingFlows(stage)
})
