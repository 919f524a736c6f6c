namespace CertiFlip.Data.Formats;

/// <summary>Which byte of a number is stored first.</summary>
internal enum ByteOrder
{
    /// <summary>The least significant.</summary>
    Little,

    /// <summary>The most significant.</summary>
    Big,
}
