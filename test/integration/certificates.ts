/** Certificates for servers that speak TLS, made with openssl. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes a certificate for `localhost` that is its own authority, as two files of a folder. */
export function makeCertificate(folder: string, file = ''): TestCertificate {
  const cert = path.join(folder, `${file}cert.pem`);
  const key = path.join(folder, `${file}key.pem`);
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', [...request, ...name, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}
