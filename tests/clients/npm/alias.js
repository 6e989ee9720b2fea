// What a hosts file or a network alias does, and a port that needs no rights.
'use strict';
const tls = require('node:tls');
const real = tls.connect;
tls.connect = (options, ...rest) =>
  real({ ...options, host: '127.0.0.1', port: process.env.TLS_PORT }, ...rest);
