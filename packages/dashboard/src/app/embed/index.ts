export { ApprovalInbox } from './approval-inbox.tsx'
export type {
  ApprovalInboxProps,
  EmbeddedProps,
  MaturityJourneyProps,
  PreceptorProviderProps,
  SupervisionPanelProps,
  UserActivity,
} from './embed-props.ts'
export { MaturityJourney } from './maturity-journey.tsx'
export { PreceptorProvider } from './preceptor-provider.tsx'
export { SupervisionPanel } from './supervision-panel.tsx'
export { useUserActivity } from './use-user-activity.ts'
