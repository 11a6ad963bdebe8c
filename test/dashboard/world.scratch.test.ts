import { describeWithChromium } from '@preceptor/test-setup'
import { it } from 'vitest'
import { usualTexts } from './world/usual-texts.ts'
import { useWorld } from './world/use-world.ts'
describeWithChromium('w', () => {
  const world = useWorld(usualTexts, { weeks: 2 })
  it('x', () => { console.log(JSON.stringify(world.ids, null, 1)) })
})
