import type { ControlScope } from '../port/control-plane.ts'
import type { JsonObject } from '../port/json.ts'
import type { AlertOperations, EscalationOperations, WebhookOperations } from '../port/notification-operations.ts'
import type { Alert, AlertAudience, AlertPreview, AlertRule, AlertSettings } from '../resources/alerts.ts'
import type { CreatedWebhook, Delivery, Escalation, Webhook, WebhookTest } from '../resources/notifications.ts'
import {
  type Connection,
  type FieldsOf,
  getOne,
  getPage,
  pathTo,
  post,
  postThrough,
  readResource,
} from './connection.ts'

const WEBHOOK: FieldsOf<Webhook> = ['id', 'url', 'events', 'state', 'lastDelivery']
const CREATED_WEBHOOK: FieldsOf<CreatedWebhook> = ['webhook', 'secret']
const DELIVERY: FieldsOf<Delivery> = ['id', 'webhook', 'kind', 'state', 'attempt']
const WEBHOOK_TEST: FieldsOf<WebhookTest> = ['id', 'webhook', 'outcome', 'status', 'error']
const ESCALATION: FieldsOf<Escalation> = ['id', 'name', 'match', 'steps', 'repeat']
const ALERT: FieldsOf<Alert> = ['id', 'code', 'severity', 'subjectId', 'raisedAt', 'clearedAt']
const ALERT_SETTINGS: FieldsOf<AlertSettings> = ['rules', 'audiences']
const ALERT_RULE: FieldsOf<AlertRule> = ['code', 'severity', 'isOn', 'thresholds', 'revision']
const ALERT_PREVIEW: FieldsOf<AlertPreview> = ['code', 'count', 'causes']
const ALERT_AUDIENCE: FieldsOf<AlertAudience> = ['target', 'from']

/** Webhooks, escalations and alerts, each operation one request. */
export function remoteNotifications(connection: Connection): Pick<ControlScope, 'webhooks' | 'escalations' | 'alerts'> {
  return {
    webhooks: remoteWebhooks(connection),
    escalations: remoteEscalations(connection),
    alerts: remoteAlerts(connection),
  }
}

function remoteWebhooks(connection: Connection): WebhookOperations {
  return {
    create: async (request) => readResource(await post(connection, '/webhooks', request), CREATED_WEBHOOK),
    list: (query) => getPage(connection, { path: '/webhooks', ...(query && { query }), fields: WEBHOOK }),
    get: (id) => getOne(connection, pathTo`/webhooks/${id}`, WEBHOOK),
    remove: async (id) =>
      readResource(await connection.request({ method: 'DELETE', path: pathTo`/webhooks/${id}` }), WEBHOOK),
    deliveries: (id, query) =>
      getPage(connection, { path: pathTo`/webhooks/${id}/deliveries`, ...(query && { query }), fields: DELIVERY }),
    replay: async (id, delivery) =>
      readResource(await post(connection, pathTo`/webhooks/${id}/replay`, { delivery }), DELIVERY),
    test: async (id) => readResource(await postThrough(connection, pathTo`/webhooks/${id}/test`), WEBHOOK_TEST),
  }
}

function remoteEscalations(connection: Connection): EscalationOperations {
  return {
    create: async (request) => readResource(await post(connection, '/escalations', request), ESCALATION),
    list: (query) => getPage(connection, { path: '/escalations', ...(query && { query }), fields: ESCALATION }),
    remove: async (id) =>
      readResource(await connection.request({ method: 'DELETE', path: pathTo`/escalations/${id}` }), ESCALATION),
  }
}

function remoteAlerts(connection: Connection): AlertOperations {
  return {
    list: (query) => getPage(connection, { path: '/alerts', ...(query && { query }), fields: ALERT }),
    acknowledge: async (id) => readResource(await post(connection, pathTo`/alerts/${id}/acknowledge`, {}), ALERT),
    mute: async (id, until) => readResource(await post(connection, pathTo`/alerts/${id}/mute`, { until }), ALERT),
    settings: () => getOne(connection, '/alerts/settings', ALERT_SETTINGS),
    changeRule: async (code, change) => {
      // Sent twice it would lose against itself: the revision that it is based on is no longer the last one.
      const body = change as unknown as JsonObject
      const request = { method: 'PUT', path: pathTo`/alerts/rules/${code}`, body, repeatable: false } as const
      return readResource(await connection.request(request), ALERT_RULE)
    },
    previewRule: async (code, { thresholds }) => {
      const body = thresholds === undefined ? {} : { thresholds }
      // It reads, and no more.
      const asked = { method: 'POST', path: pathTo`/alerts/rules/${code}/preview`, body, repeatable: true } as const
      return readResource(await connection.request(asked), ALERT_PREVIEW)
    },
    tell: async (target, from) =>
      readResource(
        await connection.request({ method: 'PUT', path: pathTo`/alerts/audiences/${target}`, body: { from } }),
        ALERT_AUDIENCE,
      ),
  }
}
