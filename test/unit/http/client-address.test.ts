import { describe, expect, it } from 'vitest';
import { addressList, clientOfAddress } from '../../../src/http/client-address.ts';

describe('clientOfAddress', () => {
  it('clientOfAddress counts all loopback addresses as one client', () => {
    for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.9'])
      expect(clientOfAddress(address)).toBe('loopback');
  });

  it('clientOfAddress counts an IPv6 network of 64 bits as one client, however it is written', () => {
    const network = clientOfAddress('2001:db8:0:1::1');
    for (const address of [
      '2001:0db8:0000:0001:ffff:ffff:ffff:ffff',
      '2001:db8:0:1:2::',
      '2001:db8:0:1:0:0:192.0.2.1',
    ])
      expect(clientOfAddress(address)).toBe(network);
    expect(clientOfAddress('2001:db8:0:2::1')).not.toBe(network);
  });

  it('clientOfAddress counts an IPv4 address as itself, also in IPv6 form', () => {
    expect(clientOfAddress('192.0.2.1')).toBe('192.0.2.1');
    expect(clientOfAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it('clientOfAddress counts everything that is not an address as one client', () => {
    for (const address of [undefined, '', 'garbage', '999.1.1.1', '"; drop'])
      expect(clientOfAddress(address)).toBe('unknown');
  });
});

describe('addressList', () => {
  it('addressList contains addresses and networks of both families', () => {
    const list = addressList(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);
    for (const address of ['10.200.1.1', '192.0.2.7', '2001:db8:5::1', '::ffff:10.1.1.1'])
      expect(list.has(address), address).toBe(true);
    for (const address of ['11.0.0.1', '192.0.2.8', '2001:db9::1', 'nonsense', undefined])
      expect(list.has(address)).toBe(false);
  });

  it.each(['', 'proxy.example', '10.0.0.0/x', '10.0.0.0/64'])('addressList refuses "%s"', (entry) => {
    expect(() => addressList([entry])).toThrow(RangeError);
  });
});
