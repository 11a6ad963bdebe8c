import { defineMessages } from '../text/messages.ts'

/** What the pages of agents say. */
export const AGENTS = defineMessages('agents', {
  title: 'Agents',
})
