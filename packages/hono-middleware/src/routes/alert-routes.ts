import { z } from 'zod'
import {
  alert,
  alertAudience,
  alertCode,
  alertPreview,
  alertQuery,
  alertRule,
  alertRuleBody,
  alertSettings,
  audienceBody,
  muteBody,
  previewBody,
} from './alert-schemas.ts'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { id, pageOf } from './common-schemas.ts'

const params = z.strictObject({ id })
const ofRule = z.strictObject({ code: alertCode })

/** Alerts, their rules, and who is told. */
export const alertRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/alerts',
    operation: 'alerts.list',
    summary: 'List alerts, newest first',
    query: alertQuery,
    response: pageOf(alert),
    handle: ({ scope, query }) => scope.alerts.list(query),
  }),
  declareRoute({
    method: 'post',
    path: '/alerts/{id}/acknowledge',
    operation: 'alerts.acknowledge',
    summary: 'Say that the caller looks at an alert',
    params,
    body: z.strictObject({}),
    response: alert,
    handle: (call) => call.scope.alerts.acknowledge(call.params.id),
  }),
  declareRoute({
    method: 'post',
    path: '/alerts/{id}/mute',
    operation: 'alerts.mute',
    summary: 'Let the same not be raised again until a time',
    params,
    body: muteBody,
    response: alert,
    handle: (call) => call.scope.alerts.mute(call.params.id, call.body.until),
  }),
  declareRoute({
    method: 'get',
    path: '/alerts/settings',
    operation: 'alerts.settings',
    summary: 'Read the rule of every code, and who is told from which severity on',
    response: alertSettings,
    handle: ({ scope }) => scope.alerts.settings(),
  }),
  declareRoute({
    method: 'put',
    path: '/alerts/rules/{code}',
    operation: 'alerts.change_rule',
    summary: 'Change when alerts of a code are raised',
    params: ofRule,
    body: alertRuleBody,
    response: alertRule,
    handle: (call) => call.scope.alerts.changeRule(call.params.code, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/alerts/rules/{code}/preview',
    operation: 'alerts.preview_rule',
    summary: 'Say what a rule would raise now, without any effect',
    params: ofRule,
    body: previewBody,
    response: alertPreview,
    handle: (call) => call.scope.alerts.previewRule(call.params.code, call.body),
  }),
  declareRoute({
    method: 'put',
    path: '/alerts/audiences/{target}',
    operation: 'alerts.tell',
    summary: 'Say from which severity on a channel or webhook is told of alerts',
    params: z.strictObject({ target: z.string().min(1).max(128) }),
    body: audienceBody,
    response: alertAudience,
    handle: (call) => call.scope.alerts.tell(call.params.target, call.body.from),
  }),
]
