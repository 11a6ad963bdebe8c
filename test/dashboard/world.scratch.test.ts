import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { describeWithChromium } from '@preceptor/test-setup'
import { it } from 'vitest'
import { hostileTexts } from './world/hostile-texts.ts'
import { pagesOf } from './world/pages.ts'
import { usualTexts } from './world/usual-texts.ts'
import { useWorld } from './world/use-world.ts'
const hostile = process.env.WORLD === 'hostile'
describeWithChromium('w', () => {
  const world = useWorld(hostile ? hostileTexts : usualTexts, { weeks: hostile ? 1 : 6 })
  it('x', { timeout: 7_200_000 }, async () => {
    const { stage, ids } = world
    writeFileSync(`/tmp/world-${hostile ? 'h' : 'u'}.json`, JSON.stringify({ at: stage.mounts.deep, keys: stage.keys, ids, pages: pagesOf(ids), chromium: process.env.CHROMIUM }))
    while (!existsSync('/tmp/world.stop')) await wait(500)
  })
})
