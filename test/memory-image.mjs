import { beginMemoryAt } from '../packages/core/src/database/memory-image.ts'

beginMemoryAt(process.env.PRECEPTOR_TEST_IMAGE ?? null)
