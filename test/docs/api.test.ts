import { createTestGovernor, PERMISSIONS } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { createLearning } from '@preceptor/learning'
import { learningRoutes } from '@preceptor/learning/hono'
import { createOrchestration } from '@preceptor/orchestration'
import { orchestrationRoutes } from '@preceptor/orchestration/hono'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { type ApiDocument, apiPage } from './api-page.ts'

describe('docs/api.md', () => {
  it(verifies('DOC-3', 'is what the server says of itself'), async () => {
    const plugins = [createLearning({ work: false }), createOrchestration({ work: false })]
    const { governor, close } = await createTestGovernor({ plugins })
    const api = governanceApi(governor, { routes: [learningRoutes(), orchestrationRoutes()] })
    const document = (await (await api.request('/openapi.json')).json()) as ApiDocument
    const permissions = Object.assign({}, PERMISSIONS, ...plugins.map((plugin) => plugin.permissions))
    await expect(apiPage(document, permissions)).toMatchFileSnapshot('../../docs/api.md')
    await close()
  })
})
