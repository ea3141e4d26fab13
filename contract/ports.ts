/** The gate, on the VPC address: the one port the load balancer may reach. */
export const GATE_PORT = 8080;

/** Where gates pass requests on to each other: the security group lets nobody else in. */
export const HOP_PORT = 8083;

/** The agent's HTTP interface, on loopback. */
export const AGENT_PORT = 8081;

/** The application, on loopback. */
export const APP_PORT = 8082;

/** Valkey, ElastiCache's default. */
export const SESSION_STORE_PORT = 6379;
