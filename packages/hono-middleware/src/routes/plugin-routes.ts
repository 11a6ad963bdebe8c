// What the routes of a plugin are declared with.

export {
  type ApiRoute,
  type DownloadRoute,
  declareRoute,
  type PluginRoutes,
  type RouteCall,
  type RouteDeclaration,
} from './api-route.ts'
export {
  agentId,
  id,
  jsonObject,
  jsonValue,
  nullableText,
  nullableTime,
  pageOf,
  pageQuery,
  reason,
  time,
} from './common-schemas.ts'
export { proposal } from './record-schemas.ts'
