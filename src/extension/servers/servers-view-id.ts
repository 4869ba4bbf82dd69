/** The name of the view with the servers, in the manifest. */
export const SERVERS_VIEW = 'redisPersistence.servers';
