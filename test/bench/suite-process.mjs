// One suite in a process of its own: what another one left behind (memory, compiled code, connections) is not in its way.
import { SUITES } from './suites.mjs'

const rows = await SUITES[process.argv[2]]()
process.send({ rows })
