const ipv4 = /^(?:(?:0{0,4}:){2,6}ffff:)?127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/i;
const ipv6 = /^(?:0{0,4}:){2,7}0{0,3}1$/;

/** Whether a host is this machine as only this machine can reach it. Of names, `localhost` alone is trusted to be that. */
export function isLoopback(host: string): boolean {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return ipv4.test(bare) || ipv6.test(bare) || bare.toLowerCase() === 'localhost';
}
