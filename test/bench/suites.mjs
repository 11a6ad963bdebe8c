import { analytics } from './suites/analytics.mjs'
import { approve } from './suites/approve.mjs'
import { audit } from './suites/audit.mjs'
import { capacity } from './suites/capacity.mjs'
import { dashboard } from './suites/dashboard.mjs'
import { decide } from './suites/decide.mjs'
import { decideScale } from './suites/decide-scale.mjs'
import { enqueue } from './suites/enqueue.mjs'
import { hono } from './suites/hono.mjs'
import { langchain } from './suites/langchain.mjs'
import { learning } from './suites/learning.mjs'
import { lists } from './suites/lists.mjs'
import { mcp } from './suites/mcp.mjs'
import { presence } from './suites/presence.mjs'
import { proposal } from './suites/proposal.mjs'
import { queue } from './suites/queue.mjs'
import { remote } from './suites/remote.mjs'
import { routes } from './suites/routes.mjs'
import { sizing } from './suites/sizing.mjs'
import { start } from './suites/start.mjs'
import { stop } from './suites/stop.mjs'
import { stream } from './suites/stream.mjs'
import { training } from './suites/training.mjs'
import { workflows } from './suites/workflows.mjs'

/** Every suite by its name, in the order of the page. */
export const SUITES = {
  decide,
  'decide-scale': decideScale,
  routes,
  langchain,
  hono,
  remote,
  mcp,
  proposal,
  approve,
  enqueue,
  training,
  learning,
  workflows,
  queue,
  presence,
  stream,
  stop,
  audit,
  start,
  dashboard,
  lists,
  analytics,
  sizing,
  capacity,
}
