export { ApprovalInbox } from './approval-inbox.tsx'
export type { ApprovalInboxProps, PreceptorProviderProps } from './embed-props.ts'
export { PreceptorProvider } from './preceptor-provider.tsx'
