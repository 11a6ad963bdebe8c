import { describe, expect, it } from 'vitest'
import { readSettingsSearch } from './settings-search.ts'

describe('the addresses of settings', () => {
  it('say what they can mean, and nothing else', () => {
    const all = { version: 3, against: 0, edit: true, webhook: 'whk_1', state: 'active', agent: 'billing-bot' }
    const shadowed = { days: 30, capability: '<b>' }
    expect(readSettingsSearch(all)).toEqual(all)
    expect(readSettingsSearch(shadowed)).toEqual(shadowed)
    expect(readSettingsSearch({ days: 8, capability: '' })).toEqual({})
    expect(readSettingsSearch({ version: -1, against: 1.5, edit: 'yes', webhook: '', state: '<b>', agent: 7 })).toEqual(
      {},
    )
  })
})
