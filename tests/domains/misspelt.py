"""What people type when hand, eye or ear slips, and the article they wanted: (typed, key). Written before it was measured."""

MISSPELT = (
    # homophones of the input method
    ("予付卡", "term-prepaid"), ("预付咔", "term-prepaid"), ("与付卡备案", "prepaid-filing"), ("预附卡退款", "prepaid-refund"),
    ("七天无里由退货", "term-sevendays"), ("7天无理由推货", "term-sevendays"), ("无理由退或", "term-sevendays"),
    ("直播代货", "term-livestream"), ("值播带货", "term-livestream"), ("大数剧杀熟", "term-pricing"), ("大数据杀叔", "term-pricing"),
    ("自动叙费", "term-renewal"), ("自动续废", "term-renewal"), ("刷丹炒信", "term-fakesales"), ("竟价排名", "term-paidrank"),
    ("跨竟电商", "term-crossborder"), ("夸境电商", "term-crossborder"), ("海外苍", "term-warehouse"), ("保税备或", "term-bonded"),
    ("电子发飘", "term-einvoice"), ("电子和同", "term-econtract"), ("农村店商", "term-rural"), ("社交电伤", "term-social"),
    ("资金村管", "term-custody"), ("对外贸意备案", "foreign-trade-filing"), ("补证材料", "supplement"),
    ("查训码忘了", "query-code"), ("报费车", "scrap-car"), ("加油占审批", "oil-licence"), ("二手车背案", "used-car"),
    ("特许精营备案", "franchise"), ("参展补帖", "fair-subsidy"), ("家正纠纷", "housekeeping"), ("蓝舟", None),
    # shapes, lost and doubled characters
    ("末付卡预付", "term-prepaid"), ("电子商务经者", "term-operator"), ("零星小交易", "term-petty"), ("亮照照经营", "term-display"),
    ("二先一", "term-exclusive"), ("示范企业认定定", "ecommerce-model"), ("轮椅能进大亭吗", "parking"),
    # pinyin with slips: a letter lost, doubled, swapped, a dialect
    ("yufka", "term-prepaid"), ("yufukka", "term-prepaid"), ("zibodaihuo", "term-livestream"), ("kuajindianshang", "term-crossborder"),
    ("qitianwuliyou", "term-sevendays"), ("haiwaican", "term-warehouse"), ("zhidongxufei", "term-renewal"),
    ("shuadanchaoxing", "term-fakesales"), ("jinjiapaiming", "term-paidrank"), ("nongcundiansang", "term-rural"),
    ("dashujushasu", "term-pricing"), ("fapiaodianzi", "term-einvoice"),
    # English with slips
    ("prepiad card", "term-prepaid"), ("repaid cards", "term-prepaid"), ("cross boarder e-commerce", "term-crossborder"),
    ("live streem selling", "term-livestream"), ("seven day retrun", "term-sevendays"), ("atomatic renewal", "term-renewal"),
    ("electronic invioce", "term-einvoice"), ("overseas warehose", "term-warehouse"), ("bundeling by default", "term-bundling"),
    ("fillng station licence", "oil-licence"), ("wheel chair", "parking"), ("anonymus", "anonymous"),
)  # fmt: skip
