"""Telephony: calls and their legs, the carrier's webhooks and REST, the softphone, the simulated carrier.

Owns the tables ``call``, ``leg``, ``webhook_receipt``, ``recording``, ``carrier_order``.
"""
