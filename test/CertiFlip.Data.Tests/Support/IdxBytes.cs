namespace CertiFlip.Data.Tests.Support;

public static class IdxBytes
{
    public static byte[] Array(byte type, int[] shape, params byte[] data) =>
        [0, 0, type, (byte)shape.Length, .. shape.SelectMany(BigEndian), .. data];

    public static byte[] BigEndian(int value) => [.. BitConverter.GetBytes(value).Reverse()];

    public static byte[] BigEndian(short value) => [.. BitConverter.GetBytes(value).Reverse()];

    public static byte[] BigEndian(float value) => [.. BitConverter.GetBytes(value).Reverse()];

    public static byte[] BigEndian(double value) => [.. BitConverter.GetBytes(value).Reverse()];
}
