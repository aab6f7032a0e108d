"""One question to a shopper whose matter was settled in writing: how did it go?"""
